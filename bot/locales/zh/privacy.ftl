privacy-reference = 编号
privacy-kind = 申请
privacy-since = 提出时间
privacy-exported = 关于此人的全部信息已写入 { $path }
privacy-erase-sure = 确定永久清除 { $who } 吗？此操作无法撤销。
privacy-erased = 已清除，助手也忘记了 { $conversations } 段会话
privacy-remembered = 尚未清除任何内容：助手（{ $address }）仍记得以下会话。请启动助手后重新运行此命令。
