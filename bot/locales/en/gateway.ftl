# What the gateway itself says to customers.
gateway-apology = I'm sorry, I can't answer right now because of a technical problem on our side. Your message is safe. Would you like to talk to a person instead?
gateway-talk-to-a-person = Talk to a person
gateway-person-is-asked = I've asked a colleague to take over. They can read what you wrote, so you won't have to say it again.

gateway-refused-empty = There is nothing in this message to send.
gateway-refused-too-long = This message has { $length } characters; the most we can take is { $limit }. Please send it in parts.
gateway-refused-too-many = That was a lot of messages in a short time. Please wait a moment and try again.
gateway-refused-invalid = This message could not be read.
gateway-refused-unavailable = We could not save your message just now. Please try again in a moment.
gateway-refused-answer-pending = The answer takes longer than usual. Your message is kept; the answer comes with your next one.

gateway-error-hello-expected = The chat could not be started. Please reload the page.
gateway-error-token-invalid = Your chat session has expired; a new one begins.
gateway-error-customer-token-invalid = We could not confirm that you are signed in. Please sign in again.
gateway-error-customer-changed = Somebody else is signed in now; a new chat begins.
gateway-error-invalid = This could not be read.
gateway-error-unavailable = The chat is not available for a moment. It connects again by itself.
gateway-file-received = Thank you, I have kept your file. I can't look into files myself, but a colleague can. What is it about?
gateway-refused-attachment-gone = The file could not be found any more. Please attach it again.
gateway-error-contact-invalid = This does not look like an e-mail address. Please check it.
gateway-refused-attachment = Only pictures (PNG, JPEG, GIF, WebP) and PDF files of up to { $megabytes } MB can be sent.
told-out-of-hours = Our colleagues are not here right now. They are back on { $when } and will read what you have written.
told-nobody-came = Nobody has been free so far, and we are sorry. Your request is kept, and a colleague will answer it.
told-nudge = Are you still there? Just write when you want to go on.
told-agent-timed-out = Your colleague does not answer; we are asking somebody else.

mail-subject = The answer to your question
mail-chat = You can go on here: { $address }
