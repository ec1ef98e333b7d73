# 模型这样判断的原因。权重的正负表示支持还是反对。
reason-last_order = { $days ->
    [0] 今天刚下过单
   *[other] 上一单在 { $days } 天前
}
reason-no_order = 还没有下过单
reason-order_count = { $orders ->
    [0] 目前还没有订单
   *[other] 累计 { $orders } 单
}
reason-recent_orders = { $orders ->
    [0] 最近 90 天没有下单
   *[other] 最近 90 天下了 { $orders } 单
}
reason-spending = 累计消费约为平均订单金额的 { NUMBER($times, maximumFractionDigits: 1) } 倍
reason-variety = { $products ->
    [0] 还没有买过商品
   *[other] 买过 { $products } 种商品
}
reason-tenure = 第一单在 { $days } 天前
reason-last_visit = { $days ->
    [0] 今天来访过
   *[other] 最近一次来访在 { $days } 天前
}
reason-no_visit = 没有来访记录
reason-recent_views = { $views ->
    [0] 最近 30 天没有浏览商品
   *[other] 最近 30 天浏览商品 { $views } 次
}
reason-recent_cart = { $carts ->
    [0] 最近 30 天没有使用购物车
   *[other] 最近 30 天使用购物车 { $carts } 次
}
reason-complaints = { $complaints ->
    [0] 最近 90 天没有投诉
   *[other] 最近 90 天投诉 { $complaints } 次
}
reason-word = “{ $word }”
reason-bought_together = 买过同类商品的顾客也常买
reason-like_it = 常和它一起购买
reason-similar_content = 与您看过或买过的商品相似
reason-similar_to_it = 与它相似
reason-popular = 近期热销
# 排队先后的理由。
reason-waited = { $minutes ->
    [0] 等待不到一分钟
   *[other] 已等待 { $minutes } 分钟
}
reason-waited_longest = 等待太久，优先于所有人
reason-overdue = 已超过承诺的回复时间
reason-soon_due = 即将到承诺的回复时间
reason-upset = 情绪不满
reason-orders = 下过 { $orders } 次订单
reason-may_buy = 购买可能性 { $percent } %
reason-priority_low = 优先级设为低
reason-priority_high = 优先级设为高
reason-priority_urgent = 优先级设为紧急
