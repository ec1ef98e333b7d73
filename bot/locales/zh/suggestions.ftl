# 输入框上方的建议回复。
suggestions = 建议回复
suggestion-article = 文章：{ $title }
suggestion-colleague = 同事曾回答：{ $title }
suggestion-dismiss = 不需要这条

# 用于数据洞察。
figure-suggestions-shown = 已展示的建议
figure-suggestions-shown-definition = 这些日期内向客服展示的建议回复，来自文章和同事的回答。同一条消息再次展示只计一次。
figure-suggestions-used = 建议采用率
figure-suggestions-used-definition = 原样或修改后发送给客户的建议回复，占这些日期内已展示建议的比例。
insights-suggestions = 建议回复
insights-no-suggestions = 这些日期内没有建议。
insights-suggestions-sent = 原样发送
insights-suggestions-edited = 修改后发送
insights-suggestions-dismissed = 不需要
