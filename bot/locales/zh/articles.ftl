# `rapport knowledge load`。
articles-title = 文章
articles-new = 新增
articles-changed = 已更新
articles-unchanged = 没有变化
articles-removed = 已删除
articles-skipped = 未收入：{ $count }
articles-vanished = 来源中已没有、但仍保留（加 --prune 可删除）：{ $count }
articles-why-edited = 已在管理页面上修改或删除，保持原样
articles-why-twice = 同名同语言的文章已有一篇，取第一篇
articles-why-unreadable = 无法读取
articles-why-not-saved = 站点地图旁没有保存这个地址的页面
articles-why-too-large = 超过 5 MB
articles-why-no-title = 没有标题
articles-why-long-title = 标题超过 300 个字符
articles-why-empty = 除每页都有的内容外没有正文
articles-why-long-body = 超过 20,000 个字符，请拆分
