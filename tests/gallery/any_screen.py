"""Any screen that the vocabulary can say, filled with the worst words that people type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from handlers.screens import (
    Bar,
    Button,
    Buttons,
    Card,
    ChannelInput,
    ChoiceInput,
    Choose,
    Confirm,
    DateInput,
    Facts,
    FileInput,
    Form,
    Heading,
    Home,
    NumberInput,
    Option,
    Para,
    PeopleInput,
    Rule,
    ScaleInput,
    Small,
    TextInput,
    Toggle,
    Words,
)
from handlers.text import ChannelMention, Code, Em, Link, Mention, Plain, Said, Strong, When

WORST = (
    "",
    " ",
    "\u200b",
    "\n\n",
    "a",
    "<!channel>",
    "<!here|here> <@U123> <#C123>",
    "*bold* _leaning_ ~gone~ `typed`",
    "&lt;b&gt; &amp;amp; &",
    "<https://evil.example|your bank>",
    "https://evil.example @channel :tada:",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "e\u0301\u0327\u0489",
    "שלום עולם\u202e مرحبا",
    "日本語のことば",
    "a\u200db\u2066c\u2069",
    "x" * 3000,
    "🙂" * 3000,
    "Ж" * 3001,
    "&" * 4000,
    "one two three " * 300,
    '"\\\n' * 900,
)
words = st.one_of(st.sampled_from(WORST), st.text(max_size=60), st.text(max_size=8))
keys = st.from_regex(r"U[A-Z0-9]{1,8}", fullmatch=True)
names = st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}", fullmatch=True)
states = st.text(alphabet="abc0123456789:", max_size=40)
moments = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
# One key is one person, who has one name.
mentions = keys.map(lambda key: Mention(key, WORST[sum(map(ord, key)) % len(WORST)]))

spans = st.one_of(
    st.builds(Plain, words),
    st.builds(Strong, words),
    st.builds(Em, words),
    st.builds(Code, words),
    st.builds(Said, words),
    mentions,
    st.builds(ChannelMention, keys),
    st.builds(When, moments, st.sampled_from(["date", "time", "both"])),
    st.builds(Link, st.just("https://example.com/"), words),
)
lines = st.lists(spans, max_size=5).map(tuple)

confirms = st.builds(Confirm, words, words, words, words)
buttons = st.builds(
    Button,
    label=words,
    does=names,
    state=states,
    style=st.sampled_from(["", "primary", "danger"]),
    describes=words,
    confirm=st.none() | confirms,
)
chooses = st.builds(
    Choose,
    label=words,
    does=names,
    options=st.lists(st.tuples(words, words), min_size=1, max_size=25).map(
        lambda drawn: tuple(Option(f"k{n}", label, note) for n, (label, note) in enumerate(drawn))
    ),
    chosen=st.sampled_from(["", "k0", "k9"]),
)
blocks = st.one_of(
    st.builds(Heading, words),
    st.builds(Para, lines),
    st.builds(Small, lines),
    st.builds(Words, words, st.none() | mentions),
    st.builds(Facts, st.lists(st.tuples(words, lines), max_size=30).map(tuple)),
    st.builds(Bar, words, st.floats(0, 1), words),
    st.just(Rule()),
    st.builds(Buttons, st.lists(buttons, max_size=30).map(tuple)),
    chooses,
)


@st.composite
def choices(draw: st.DrawFn) -> ChoiceInput:
    """A choice of a few options or of many, some of them chosen."""
    count = draw(st.sampled_from([1, 2, 10, 11, 100, 130]))
    options = tuple(
        Option(f"k{n}", draw(words) if n < 3 else f"Option {n}", draw(words) if n < 2 else "") for n in range(count)
    )
    chosen = tuple(f"k{n}" for n in draw(st.sets(st.integers(0, count - 1), max_size=4)))
    many = draw(st.booleans())
    return ChoiceInput("", draw(words), options, chosen if many else chosen[:1], many, hint=draw(words))


inputs = st.one_of(
    st.builds(
        TextInput,
        name=st.just(""),
        label=words,
        value=words,
        long=st.booleans(),
        required=st.booleans(),
        hint=words,
        placeholder=words,
        most=st.sampled_from([1, 80, 3000]),
    ),
    st.builds(NumberInput, st.just(""), words, st.sampled_from(["", "3", "2.5", "-4"]), hint=words),
    choices(),
    st.builds(
        ScaleInput,
        name=st.just(""),
        label=words,
        low=st.integers(-1, 1),
        high=st.integers(2, 20),
        low_words=words,
        high_words=words,
        value=st.sampled_from(["", "2"]),
    ),
    st.builds(PeopleInput, st.just(""), words, st.lists(keys, max_size=1).map(tuple), st.booleans()),
    st.builds(ChannelInput, st.just(""), words, st.just("") | keys, hint=words),
    st.builds(DateInput, st.just(""), words, st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))),
    st.builds(FileInput, st.just(""), words, st.lists(keys, min_size=1, max_size=3).map(tuple), hint=words),
    st.builds(Toggle, st.just(""), words, words, st.booleans(), hint=words),
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form of some blocks and some inputs."""
    parts = draw(st.lists(st.one_of(blocks, inputs), max_size=8))
    body = tuple(replace(part, name=f"field{n}") if hasattr(part, "name") else part for n, part in enumerate(parts))
    return Form(
        does=draw(names),
        title=draw(words),
        body=body,
        submit=draw(words) or "Send",
        close=draw(words),
        state=draw(states),
        keeps=draw(st.booleans()),
    )


cards = st.builds(Card, st.lists(blocks, max_size=12).map(tuple))
homes = st.builds(Home, st.lists(blocks, max_size=12).map(tuple))
screens = st.one_of(cards, forms(), homes)
