"""What the people of the demo write: fictional sentences of fictional work, by team, and the thanks they give."""

from __future__ import annotations

DONE = {
    "Workshop": (
        "Brazed the last six touring frames of the order for Porto",
        "Finished the jig for the small sizes; it holds within half a millimetre",
        "Painted eleven frames, two of them in the new moss green",
        "Trued and tensioned 24 wheels",
        "Moved the compressor so that the paint shop is quiet again",
        "Wrote down how we set up the fork mitre, with pictures",
        "Checked the incoming tubes; three went back",
        "Repaired four warranty frames",
    ),
    "Rider Care": (
        "Answered all letters from the spring tour, 63 of them",
        "Called the riders of the recalled stems; 18 of 20 are done",
        "Wrote the answer about tyre widths that everybody needs",
        "Sorted the returns shelf and closed nine old cases",
        "Sat with the workshop to understand the creaking seatposts",
        "Brought the first answer down to four hours this week",
        "Made a list of the questions the shop page should answer",
    ),
    "Web and Data": (
        "Put the new size finder on the page for half of the visitors",
        "Moved the stock feed to the new format without losing a night",
        "Fixed the basket that forgot the second bottle cage",
        "Talked to five riders about the order page",
        "Removed 1,200 lines that nobody had called since 2023",
        "The dashboard of returns now loads in two seconds",
        "Wrote tests for the tax of the four new countries",
    ),
    "Operations": (
        "Agreed on tube prices for the next two quarters",
        "Closed the month a day early",
        "Counted the warehouse; we are off by seven saddles",
        "Booked the hall for the summer meeting",
        "Signed the two new apprentices",
        "Found a second supplier for headsets",
        "Paid the last open invoices of the spring fair",
    ),
}

PLAN = {
    "Workshop": (
        "Start on the gravel frames for Ghent",
        "Test the water-based lacquer on scrap",
        "Show Rui how to file a lug",
        "Finish the forks that wait for crown races",
        "Clean the bench and label the drawers",
    ),
    "Rider Care": (
        "Reach the two riders we could not call",
        "Draft the letter about winter storage",
        "Swap shifts so that New York is covered on Fridays",
        "Try the shorter answer to delivery questions",
        "Go through the oldest ten cases",
    ),
    "Web and Data": (
        "Look at what the size finder changed, with error bars",
        "Draw the page for repairs",
        "Pair on the payment retries",
        "Update the libraries that are a year behind",
        "Make the export that Operations asked for",
    ),
    "Operations": (
        "Get three offers for the boiler",
        "Write the plan for the stock count in June",
        "Meet the landlord about the second hall",
        "Prepare the pay review with the heads",
        "Check the insurance for test rides",
    ),
}

BLOCKERS = {
    "Workshop": (
        "The 25.4 tubes are late again",
        "The extractor in the paint shop trips its fuse",
        "No drawing yet for the new dropout",
    ),
    "Rider Care": (
        "I cannot see stock from the care desk",
        "The phone line to Tokyo drops after ten minutes",
        "Nobody decides on refunds above 300",
    ),
    "Web and Data": (
        "Waiting for the tax table of the new countries",
        "The test shop has no payment key",
        "Two reviews open since last week",
    ),
    "Operations": (
        "The bank wants a form that no longer exists",
        "No answer from the landlord",
        "The scanner in the warehouse is broken",
    ),
}

THANKS = (
    "for staying with the paint until the green was really green",
    "for calling every single rider of the recall, and for how kind those calls were",
    "for finding the mistake in the stock feed before the weekend did",
    "for explaining tube thickness to me as if I had all day; I learned a lot",
    "for taking my Friday shift when my daughter was ill",
    "for the drawings of the fork mitre; I could follow them without asking once",
    "for saying early that the date would not hold, so that we could move it",
    "for the calm hour in which we closed the month together",
    "for building the jig; small sizes are fun now",
    "for asking riders before drawing the page",
    "for carrying the whole delivery up the stairs while the lift was out",
    "for writing the answer about tyres; I have used it thirty times already",
    "for welcoming the apprentices so warmly on their first day",
    "for telling me honestly that the first draft was not ready, and helping with the second",
)

WHY_LOW = (
    "Too many things at once, and none of them finished",
    "Late deliveries all week",
    "Short nights; the little one has a cough",
    "The same fault came back for the third time",
)
