# 模型说明卡：与每个训练好的模型放在一起的说明页。
card-model = 模型
card-results = 留出集结果
card-limits = 局限
card-served = 在用
card-baseline = 朴素基线
card-split-time = 按时间划分：用过去学习，用之后的数据检验
card-split-grouped = 五分之四用于学习，五分之一留出；重复文本只在一侧
card-feedback-use = 判断客户反馈说的是什么、态度如何，支持中文、英文及中英混写。结果决定助手如何回复、是否提供人工服务；不得用于评判客户。
card-feedback-limits = 演示商店的文本由一批句子组合而成，因此留出集比真实情况容易：真实评论的结果见 `benchmarks/feedback.py`。反话常被按字面理解。每条文本最多读取 1,200 个字符。
card-segment-use = 按最近一次购买、购买频率和消费金额给客户分群。它影响问候语、推荐以及多快提供人工服务，但不改变客户的任何权利。
card-segment-limits = 分群反映的是客户在本店客户中的位置，而不是个人特质。名称按最接近的典型给出；客户很少时名称可能不够贴切。没有订单的客户不分群。
card-purchase_intent-use = 给出客户在未来 30 天内下单的概率。它决定问题解决之后是否推荐商品；不得用于调整价格。
card-purchase_intent-limits = 只从本店的订单和来访中学习：季节、活动和价格变化它并不知道。指标来自最近一个完整的 30 天；在用模型之后也学习了这段数据。
card-recommend-use = 根据其他顾客一起购买的商品、描述的相似度以及销量，为客户排列商品。
card-recommend-limits = 以每位客户的最后一单检验，只计算客户以前没买过的商品。从未展示过的商品，无从得知是否受欢迎。
