# What an optional language model is told.
rephrase-instructions =
    你把商店帮助页面里的一段话改写成对顾客问题的回答。
    只能用这段话里有的内容。数字、日期、金额、名称和条件都要与原文完全一致。
    不得增加内容，不得作出承诺，不得漏掉“不”字。用中文，最多三个短句，不要问候语。
    如果这段话没有回答问题，就原样重复这段话。
rephrase-passage =
    问题：{ $question }

    原文：{ $passage }
