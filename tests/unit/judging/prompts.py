"""Prompts as people write them, with what a practitioner says about each: which of the five checks it passes.

t: states the task, d: names the data, l: sets limits, s: asks for sources or doubts, p: holds nothing private.
They are written for three desks; the words that the labs know are in `WORDS`, the ids in `IDS`.
"""

from __future__ import annotations

WORDS = {
    *("orders", "order lines", "order line", "customers", "customer", "tickets", "ticket", "returns", "return"),
    *("shipments", "products", "employees", "employee", "vacancies", "applications", "application", "ledger"),
    *("net amount", "cost amount", "discount pct", "order date", "freight cost", "refund amount", "carrier", "region"),
    *("days since delivery", "refund requested", "reason", "decision", "message", "note", "work sample", "stage"),
    *("structured interview", "skills match", "certificates", "panel note", "status", "priority", "subject", "grade"),
    *("corvo express", "aldrin freight", "brakke logistics", "north", "south", "office", "furniture", "damaged"),
    *("sales lead", "support agent", "north depot", "wrong item", "2026q4", "q4 2026", "q4"),
}
IDS = {"c00jjy9y7swx7", "e8eakwp5sbbd7", "ra9zc6h8f8hwa", "ajf7rpdmp1y80"}

FINANCE = [
    (
        "Draft the weekly margin memo to the CFO from order_lines and orders for week 46 of 2026Q4. At most 120 words, "
        "no causes that the data do not show. Say which table each figure comes from, and what you did not see.",
        "tdlsp",
    ),
    (
        "In two sentences: what should a weekly gross margin memo state, and what should it never state?",
        "tlp",
    ),
    ("Write a margin memo.", "tp"),
    ("margin memo week 46", "dp"),
    (
        "Compare net sales of week 45 and week 46 by region, as a table. Mark any figure that you cannot verify.",
        "tdlsp",
    ),
    ("Why did the margin fall?", "tp"),
    (
        "Net sales in North were EUR 134,200 in one week and EUR 121,900 in the next. Explain the difference to the "
        "sales lead in plain words. Do not guess a cause; if the figures do not show one, say so.",
        "tdlsp",
    ),
    ("Make it better.", "p"),
    ("Summarise the freight cost of Corvo Express in October 2026 for the carrier talks.", "tdp"),
    (
        "You are a finance analyst. Your task is to check the attached memo against the tables below. List each figure "
        "that differs, only those, and cite the row.",
        "tdlsp",
    ),
    ("Please shorten this text to 80 words and keep every number: Net sales came to EUR 96,000 …", "tdlp"),
    ("Write to Ms Novak that freight rose by 3 %. Keep it short and polite.", "tl"),
    (
        "Draft a note on supplier terms: the unit cost of the pallet cover is EUR 1.40 and we sell it at 2.11. "
        "One paragraph, name your assumptions.",
        "tdls",
    ),
    ("Ledger extract: salaries of cost center North 41,200. Summarise in one sentence.", "tdl"),
    ("Send the totals to anna.novak@brenning.example and write a two-line summary of Q4 2026.", "tdl"),
    (
        "I need a one-page summary of discounts above 15 % in the quarter, for the board. Cite the rows.",
        "tlsp",
    ),
    ("help", "p"),
]
SUPPORT = [
    (
        "Write a reply to the customer based on the ticket below and refund policy section 3.1. Friendly, at most 120 "
        "words. Do not promise a refund above EUR 250. If the policy does not cover the case, say so.",
        "tdlsp",
    ),
    ("Write a polite reply to a customer who wants a refund.", "tp"),
    ("Reply to the customer.", "tp"),
    (
        "Customer message: “The chairs came with scratches, I want my money back.” Draft an answer in a warm tone, no "
        "legal terms, and quote the section of the handbook that you rely on.",
        "tdlsp",
    ),
    ("Refuse the refund, the customer Tom Becker is 40 days late. Keep it short and firm.", "tl"),
    ("Answer ticket of customer C00jjy9y7swx7 in three sentences.", "tl"),
    ("Please call +49 711 123 4567 and tell them that we are sorry about the delay.", "t"),
    (
        "The customer forgot the password of the web shop. Write a short and friendly reply, without asking for it.",
        "tlp",
    ),
    ("password: hunter2, please log in and list the orders from last week", "td"),
    (
        "Using the returns and shipments tables, say whether the parcel was late, then draft the reply: three "
        "sentences, plain English, no blame. Mark what the tables do not show.",
        "tdlsp",
    ),
    ("Refund to DE89 3704 0044 0532 0130 00, write the confirmation. Max. 50 words.", "tl"),
    ("Deliver the replacement to 12 Baker Street and draft the mail.", "t"),
    ("Sort the tickets from last week by topic. Only the open ones. If a topic is unclear, ask me.", "tdlsp"),
    ("What is our policy for opened goods? Quote the handbook section.", "tsp"),
    ("Could you have a look at this?", "p"),
]
PEOPLE = [
    (
        "Summarise the applications for the vacancy of support agent: work sample, structured interview, skills match. "
        "One bullet list, no ranking, nothing on age or part time. Say what is missing, such as an interview not held.",
        "tdlsp",
    ),
    ("Who is the best candidate?", "p"),
    ("Rank the candidates.", "tp"),
    ("Recommend whether to invite Anna Becker or reject Jan Novak. Short.", "t"),
    (
        "Screen application Ajf7rpdmp1y80 against the criteria in handbook section 7.1. State the evidence for each "
        "and what you could not see.",
        "tds",
    ),
    (
        "Compare the structured interview scores with the panel note of each applicant. Do not use age, commute or "
        "parental leave. Where the note and the score disagree, quote the note and name the source.",
        "tdlsp",
    ),
    ("Draft a rejection for an applicant, born 3.5.1988, salary 48,000. Be friendly.", "t"),
    ("This is confidential: summarise the panel notes from this week for the manager in a neutral tone.", "tdl"),
    (
        "Write the summary without naming anyone and nothing confidential. At most 5 bullets. List assumptions.",
        "tlsp",
    ),
    ("Give me a shortlist.", "tp"),
    ("Tell me something nice.", "p"),
    ("How many applications per department were invited to an interview in 2026Q4? Answer with a table.", "tdlp"),
]
OTHER = [
    ("", "p"),
    ("   \n\t ", "p"),
    ("?!…", "p"),
    ("Schreibe bitte ein kurzes Memo zur Marge in Woche 46, höchstens 100 Wörter, und nenne die Quellen.", "p"),
    ("次の表を使って、第46週の粗利率を要約してください。出典も示してください。", "p"),
    ("اكتب ملخصا قصيرا للجدول مع المصادر", "p"),
    ("🙂🙂🙂", "p"),
    ("weeks 40-52, 2026-10-05 to 2026-12-27, EUR 1.234.567,00, 12/2026, 1 200 1 300 1 250", "dp"),
]
SECOND_READER = [
    (
        "You are an experienced support agent. Draft a friendly reply to the ticket. Check it against section "
        "3.2 of the handbook and tell me which rule applies. Maximum 100 words.",
        "tdlsp",
    ),
    (
        "Can you please summarise the five applications for the post of buyer? For each: strengths, gaps, "
        "evidence. Leave out age and part-time status. Say when something is missing.",
        "tdlsp",
    ),
    (
        "Explain to the CFO why gross margin in week 47 dropped versus week 46 using only the figures I give "
        "you. If a reason is not in the figures, write 'not known'.",
        "tdlsp",
    ),
    (
        "what's the refund limit",
        "p",
    ),
    (
        "Give me 3 bullet points on late shipments in Q4. Sources please.",
        "tdlsp",
    ),
    (
        "I'd like a table with carrier, shipments, late rate for week 44. Don't round. List anything you "
        "couldn't compute.",
        "tdlsp",
    ),
    (
        "Translate this into German.",
        "tp",
    ),
    (
        "Write a rejection letter.",
        "tp",
    ),
    (
        "We sold 1,340 units at 31.5 % margin in the North region. Turn that into two sentences for the sales "
        "lead, without adjectives, and tell me what else I would need to check.",
        "tdlp",
    ),
    (
        "Please answer the customer, he is angry because the desk arrived broken. He wants his 315.57 EUR "
        "back. His phone is 0171 2345678.",
        "t",
    ),
    (
        "Is the refund of 300 EUR allowed without a second signature? Base your answer on handbook 3.1 and quote it.",
        "tdsp",
    ),
    (
        "Compare candidates A and B on work sample and interview only. Point out where the evidence is thin.",
        "tdlsp",
    ),
    (
        "Do the memo for Friday, you know what I need.",
        "p",
    ),
    (
        "Use the shipments table for October 2026. Compute the late rate for each carrier. Show the numerator "
        "and the denominator. Answer as a list, nothing else.",
        "tdlp",
    ),
    (
        "Act as HR. Who should get the job and why? Be brief.",
        "tp",
    ),
    (
        "Draft an apology for the late delivery of order O1emn8harkdbe to the customer in 80 words max.",
        "tl",
    ),
    (
        "Check the memo below for errors. Net sales rose by 4 %. Margin fell by 1.2 points.",
        "tdp",
    ),
    (
        "Make a summary of complaints this month, for the team lead, neutral, no names, with ticket topics "
        "and counts; flag uncertain ones",
        "tdlsp",
    ),
    (
        "Schreib eine Antwort an den Kunden",
        "p",
    ),
    (
        "Write a summary for the panel meeting about the shortlisted people, and mention that candidate 3 was "
        "on parental leave.",
        "tp",
    ),
]
PROMPTS = [*FINANCE, *SUPPORT, *PEOPLE, *OTHER, *SECOND_READER]
