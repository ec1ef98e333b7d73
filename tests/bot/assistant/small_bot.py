"""A small bot with one custom action and one form, enough to see how turns behave."""

from __future__ import annotations

DOMAIN = """
version: "3.1"
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
intents: [greet, ask_hours, ask_order, find_order, inform, stop, ask_payment_methods, request_invoice, cancel_order]
entities: [order_number]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  order_number: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: order_number}]}
  pending_requests: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  dialogue_anger: {type: any, influence_conversation: false, mappings: [{type: custom}]}
forms:
  number_form: {required_slots: [order_number]}
actions: [action_order, action_fail]
responses:
  utter_shared_apology:
    - text: Sorry, something went wrong.
  utter_greet:
    - text: Hello
    - condition: [{type: slot, name: language, value: zh}]
      text: 您好
      buttons: [{title: 查订单, payload: /ask_order}]
  utter_hours: [{text: We are open from nine to six.}]
  utter_ask_order_number: [{text: Which order?}]
  utter_pay: [{text: By card., buttons: [{title: Cards, payload: /ask_payment_methods}]}]
  utter_dialogue_next_request_invoice: [{text: You also wanted an invoice.}]
  utter_dialogue_back: [{text: Welcome back.}]
  utter_dialogue_at_number_form: [{text: We were looking for an order.}]
  utter_dialogue_calm: [{text: I am sorry., buttons: [{title: A person, payload: /request_person}]}]
  utter_dialogue_calm_again: [{text: I understand.}]
  utter_found: [{text: "Found {order_number}."}]
"""
NLU = """
version: "3.1"
nlu:
  - {intent: greet, examples: "- hello\\n- hi there\\n- 你好\\n- 早上好\\n"}
  - {intent: ask_hours, examples: "- when are you open\\n- opening hours\\n- 几点开门\\n- 营业时间\\n"}
  - {intent: ask_order, examples: "- where is my order\\n- track my order\\n- 我的订单\\n- 查订单\\n"}
  - {intent: find_order, examples: "- find an order for me\\n- look up an order\\n- 找一下订单\\n"}
  - {intent: inform, examples: "- [RP100234](order_number)\\n- it is [RP100235](order_number)\\n"}
  - {intent: stop, examples: "- stop that\\n- never mind\\n- 算了\\n"}
  - {intent: ask_payment_methods, examples: "- how can I pay\\n- do you take cards\\n"}
  - {intent: request_invoice, examples: "- an invoice please\\n- send me the bill\\n"}
  - {intent: cancel_order, examples: "- cancel it\\n- call it off\\n"}
  - {regex: order_number, examples: "- RP\\\\d{6}\\n"}
"""
RULES = """
version: "3.1"
rules:
  - {rule: greet, steps: [{intent: greet}, {action: utter_greet}]}
  - {rule: hours, steps: [{intent: ask_hours}, {action: utter_hours}]}
  - {rule: order, steps: [{intent: ask_order}, {action: action_order}]}
  - {rule: pay, steps: [{intent: ask_payment_methods}, {action: utter_pay}]}
  - {rule: invoice, steps: [{intent: request_invoice}, {action: action_order}]}
  - {rule: cancel, steps: [{intent: cancel_order}, {action: number_form}, {active_loop: number_form}]}
  - {rule: stop, steps: [{intent: stop}, {action: action_fail}]}
  - {rule: find, steps: [{intent: find_order}, {action: number_form}, {active_loop: number_form}]}
  - rule: found
    condition: [{active_loop: number_form}]
    steps: [{action: number_form}, {active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: utter_found}]
"""
CONFIG = """
recipe: default.v1
assistant_id: small
language: en
pipeline:
  - name: bot.assistant.components.tokenizer.MixedScriptTokenizer
  - {name: RegexEntityExtractor, use_word_boundaries: false}
  - {name: bot.assistant.components.intent_classifier.NgramIntentClassifier, several: true, embeddings: false}
policies:
  - name: bot.assistant.components.form_policy.ResumingRulePolicy
"""
