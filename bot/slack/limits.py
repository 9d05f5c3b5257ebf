"""What Slack allows, written down from its documentation. Lengths are in code points."""

from __future__ import annotations

from handlers.limits import Limits

# Radio buttons and checkboxes hold ten options; a menu holds a hundred, or a hundred groups of as many.
RADIO_OPTIONS = 10
MENU_OPTIONS = 100
# Top-level text of a message: longer, and `chat.update` refuses it.
MESSAGE_TEXT = 4000

SLACK = Limits(
    card_blocks=50,
    form_blocks=100,
    home_blocks=100,
    # Slack documents none for a whole message, but has been seen to refuse 13,200 characters of JSON.
    card_size=12_500,
    view_size=250_000,
    text=3000,
    heading=150,
    form_title=24,
    form_button=24,
    form_state=3000,
    # Of 255, a few are kept back for what makes an action id unique.
    name=250,
    button=75,
    button_state=2000,
    button_describes=75,
    buttons=25,
    # A menu would hold a hundred, but all of them count against the size of the message.
    choose=25,
    confirm_title=100,
    confirm_text=300,
    confirm_button=30,
    label=2000,
    hint=2000,
    placeholder=150,
    typed=3000,
    options=MENU_OPTIONS * 100,
    scale=100,
    option_label=75,
    option_note=75,
    option_key=150,
    # Slack sets none; pieces of this size can be left out of a message that is too long.
    rows=20,
)
