"""A reply to one customer tells another nothing of them."""

from __future__ import annotations

import pytest

from crm_core.privacy.other_people import without_person

KNOWN = ["Mei Lin", "5 Park Lane, Boston", "Boston", "RP100234", "An Wu", "王小明"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi Mei, refunds take five days.", "Hi, refunds take five days."),
        ("hi mei lin, refunds take five days.", "hi, refunds take five days."),
        ("Hello Tom Jones, it can be returned.", "Hello, it can be returned."),
        ("Thank you Tom. Refunds take five days.", "Thank you. Refunds take five days."),
        ("Thank you for waiting. It is on its way.", "Thank you for waiting. It is on its way."),
        ("Mrs. Lin may keep it; MEI LIN need not return it.", "Mrs. *** may keep it; *** need not return it."),
        ("It went to 12 Old Kent Road, London 12345 today.", "It went to *** today."),
        ("Your tracking number is 1Z999AA10123456784.", "Your tracking number is ***."),
        ("An order can be changed, An.", "*** order can be changed, ***."),
        ("You have an option.", "You have an option."),
        ("This is Ada. It can be returned.", "This is Bo. It can be returned."),
        ("您好王先生，可以退货。", "您好，可以退货。"),
        ("王先生，您好！可以退货。", "您好！可以退货。"),
        ("王小明的茶壶寄到朝阳区建国路88号院", "***的茶壶寄到***"),
        ("我是Ada，可以退货。", "我是Bo，可以退货。"),
        ("Free delivery over $50 within 3 days.", "Free delivery over $50 within 3 days."),
    ],
)
def test_what_tells_who_it_was_is_masked_and_the_rest_stays(text: str, shown: str) -> None:
    assert without_person(text, KNOWN, ("Ada", "Bo"), "Bo") == shown
