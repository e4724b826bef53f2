"""What people write in tickets, returns, notes and memos. Placeholders are filled by the modules that draw them."""

from __future__ import annotations

OPENINGS = (
    "Hello,",
    "Good morning, this is {name} from {firm}.",
    "Hi {agent},",
    "Dear team, my name is {full}.",
    "{name} here.",
    "Hi, {first} speaking.",
    "Good day, I write for {firm} on behalf of {other}.",
    "",
)

ISSUES = {
    "damaged": (
        ("Damaged on arrival", "Part of order {order} arrived broken: the {product} is unusable."),
        ("Damage, order {order}", "The {product} was crushed when {other} opened the parcel."),
        ("Broken {product}", "Half of the delivery was wet and torn. We noticed it the same day."),
        ("Complaint by {name}", "The box of {product} had a hole and the content was scratched, worth about {amount}."),
    ),
    "late": (
        ("Where is order {order}?", "Order {order} was promised for last week and is still not here."),
        ("Late again", "This is the third late delivery this quarter, our line stood still for a day."),
        ("Delivery overdue", "The driver said he could not find us, although the place is {place}."),
    ),
    "wrong item": (
        ("Wrong item in {order}", "We ordered {product} and got something else."),
        ("Wrong quantity", "The delivery note says twelve, {other} counted nine."),
        ("Mix-up", "Somebody put another customer's parcel on our pallet. The label named {other}, tel. {mobile}."),
    ),
    "invoice": (
        ("Invoice for {order}", "The discount on the invoice is not the one that {agent} promised."),
        ("Invoice twice", "We were charged {amount} twice. Please pay back to {iban}."),
        ("New bank details", "Please note our account IBAN {iban} for all refunds."),
        ("Price on invoice", "The price on the invoice differs from the list price by more than one might expect."),
    ),
    "other": (
        ("Question", "Can we have the catalogue in print, sent to {place}?"),
        ("Change of contact", "{full} leaves at the end of the month, please talk to {other} ({mobile}) from then on."),
        ("Account", "I forgot the password of the web shop, my login is <{email}>."),
        ("Birthday voucher", "You promised a voucher; date of birth {born}, customer {full}."),
    ),
}

DETAILS = (
    "Please call me at {phone}.",
    "You reach me under {mobile} after 4 pm.",
    "Send the credit note to {email}, please.",
    "(contact: {email}, {phone})",
    "Our address is {place}.",
    "Deliver to {street} next time, gate 2.",
    "My colleague {other} knows the details, mobile {mobile}.",
    "I already told {agent} on the phone.",
    "Refund to IBAN {iban}.",
    "We may order less next month if this goes on.",
    "It is a matter of principle for us.",
    "The driver was friendly, to be fair.",
    "We will not pay the invoice before this is solved.",
)

CLOSINGS = (
    "Regards, {name}",
    "Kind regards\n{full}\n{firm}\n{phone}",
    "Thanks, {first}",
    "Best, {name} / {email}",
    "Yours, {full}, {place}",
    "Thank you.",
    "",
)

NOTES = (
    "Call {name} before delivery, {phone}",
    "Deliver to back gate",
    "Ask for {other} at reception",
    "Deliver only before noon",
    "Invoice by mail to {email}",
    "New delivery address: {place}",
    "Customer pays by transfer from {iban}",
    "Urgent, promised by phone",
    "Same as last time",
    "{full} wants one delivery for all lines",
    "Forklift needed",
    "driver to ring {mobile}, ask for {first}",
)

MEMOS = {
    "freight": ("Freight {carrier}", "Freight {carrier}, {order}", "{carrier} collective invoice"),
    "refund": ("Refund {order}, approved {agent}", "Credit note {order}", "Refund {order} to {iban}"),
    "supplier": ("Payment {supplier}, IBAN {iban}", "Purchase of goods, contact {contact}", "Partial payment"),
    "staff": ("Advance on salary {agent}", "Travel costs {agent}", "Training fee, {agent}"),
}

RETURN_REASONS = {
    "damaged": (
        "The {product} arrived with a dent, {other} took a photo.",
        "Two of the {product} were broken when we opened the box.",
        "The carton was wet, the goods in it are useless.",
    ),
    "wrong_item": (
        "We got something else instead of {product}.",
        "Wrong size of {product}, please send the right one.",
        "This is not our order {order}, the label names {other}.",
    ),
    "late": (
        "Order {order} came days after the promised date, we had to buy elsewhere.",
        "Too late for our event. We want the freight back.",
        "The driver came on the wrong day, {other} had to wait for him.",
    ),
    "changed_mind": (
        "We ordered too many of {product}.",
        "The project was called off, we do not need the {product} any more.",
        "Ordered by mistake by {other}, sorry.",
        "We found a better price elsewhere.",
        "We would rather have another model than {product}.",
    ),
    "not_as_described": (
        "The {product} is smaller than the catalogue says.",
        "The colour of the {product} differs from the picture.",
        "The {product} does not do what the description promises.",
        "{other} tried it and it does not fit our machine.",
    ),
}

PANEL_NOTES = {
    "any": (
        "{first} gave two examples from daily work, both checked with {boss}.",
        "Asked about the tight deadline; the answer stayed general.",
        "{name} knows the system well, less so the rules.",
        "{boss} joined for the last half hour.",
        "Calm in the role play. One paper still to be shown.",
        "{first} will call back, {phone}.",
        "Knows the goods. Wants to hear by mail: {email}.",
        "Good questions about the team and its numbers.",
    ),
    "strong sample": (
        "Strong work sample, {name} explained every step.",
        "{boss} called the work sample the best so far.",
    ),
    "no sample": ("No work sample was handed in.", "{first} promised the work sample for next week, it never came."),
    "few skills": ("Little evidence for the required skill, {name} says it is there.",),
}
