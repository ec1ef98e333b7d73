# Several of the staff at one conversation.
company-looking = { $count ->
    [one] { $names } is looking
   *[other] { $names } are looking
}
company-writing = { $count ->
    [one] { $names } is writing …
   *[other] { $names } are writing …
}
company-myself = You have this open in another window
overtaken = Somebody has answered since you began to write
overtaken-send = Send mine all the same
overtaken-look = Look again first
