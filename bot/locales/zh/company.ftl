# 多位同事同时查看一个会话。
company-looking = { $names }{ $count ->
   *[other] {" "}正在查看
}
company-writing = { $names }{ $count ->
   *[other] {" "}正在输入……
}
company-myself = 您在另一个窗口也打开了此会话
overtaken = 在您输入期间已有人回复
overtaken-send = 仍然发送我的回复
overtaken-look = 先看一下
