# 网关直接对顾客说的话。
gateway-apology = 非常抱歉，我们这边出了点技术问题，我暂时没法回答您。您的消息已经保存好了。要为您转接人工客服吗？
gateway-talk-to-a-person = 转人工客服
gateway-person-is-asked = 已经为您呼叫人工客服。同事能看到您刚才写的内容，您不用再说一遍。

gateway-refused-empty = 这条消息里没有内容。
gateway-refused-too-long = 这条消息有 { $length } 个字，最多只能发 { $limit } 个字，麻烦您分几次发送。
gateway-refused-too-many = 您发得有点快，请稍等片刻再试。
gateway-refused-invalid = 这条消息无法识别。
gateway-refused-unavailable = 您的消息暂时没能保存，请稍后再试。
gateway-refused-answer-pending = 这次回复会慢一些。您的消息已经保存，回复会随您的下一条消息一起送达。

gateway-error-hello-expected = 聊天没能启动，请刷新页面。
gateway-error-token-invalid = 您的会话已过期，现在为您重新开始。
gateway-error-customer-token-invalid = 没能确认您的登录状态，请重新登录。
gateway-error-customer-changed = 登录的账号已更换，现在为您开始新的会话。
gateway-error-invalid = 这条内容无法识别。
gateway-error-unavailable = 聊天暂时不可用，稍后会自动重新连接。
gateway-file-received = 文件已收到，谢谢。我自己看不了文件，但人工客服可以查看。请问是关于什么的？
gateway-refused-attachment-gone = 找不到这个文件了，请重新添加。
gateway-error-contact-invalid = 这个邮箱地址似乎不对，请检查一下。
gateway-refused-attachment = 只能发送图片（PNG、JPEG、GIF、WebP）和 PDF 文件，大小不超过 { $megabytes } MB。
told-out-of-hours = 目前没有人工客服在线。客服将于{ $when }恢复服务，届时会看到您的留言。
told-nobody-came = 很抱歉，目前客服都在忙。您的问题已记录，稍后会有同事回复您。
told-nudge = 您还在吗？想继续时直接写就行。
told-agent-timed-out = 您的客服暂时没有回应，我们正在请其他同事接待您。

mail-subject = 关于您问题的答复
mail-chat = 您可以在这里继续：{ $address }
