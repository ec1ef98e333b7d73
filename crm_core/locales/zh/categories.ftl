# 商品分类的名称；这里没有的分类直接用它的代号。
category-kitchen = 厨房用品
category-home = 家居装饰
category-bath = 卫浴用品
category-toys = 玩具
category-stationery = 文具
category-outdoor = 户外用品
category-electronics = 数码电器
category-garden = 园艺
category-travel = 旅行用品
category-pets = 宠物用品
category-browse = 看看{ $category }
