# 不能使用客户姓名时的称呼。
canned-customer = 尊敬的客户
