# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Weekly margin memo
#
# It is Thursday, a quarter to five. The finance assistant has written four things that leave your desk tomorrow: a
# memo to the CFO about one region, an answer to the sales lead who asked about one group of customers and one order
# line, queries for the weekly job with what each gives, and a sheet of two carriers for the carrier talks. Your name goes
# under them. Some of what they say is wrong.
#
# **You will** read each text as it would arrive, and say of every marked claim how likely it is wrong and what you would
# do with it, first at sight, then after checking it in the data and the handbook. Below a marked claim stands what it is
# *judged as*. You will show how you compute one figure, and say how this work should run with a person in it. A small
# checker is for who likes to code: without it, the rest counts for all.
#
# **About 35 minutes.** An honest 70 earns more than a bold 100 that is wrong. The first look earns no points; it is
# there so that you can see what checking changed. Submit with *Nbgrader → Assignment List → Submit*.
#
# | we say | we mean |
# |---|---|
# | net sales | the sum of `net` over order lines with `status` *completed*; discounts are taken off already |
# | cost | the sum of `cost` over the same lines |
# | gross margin | (net sales − cost) ÷ net sales; freight is not in it |
# | completed orders | how many different values of `order` the completed lines have |
# | cancelled orders | how many different values of `order` lines with `status` *cancelled* have |
# | average completed order | net sales ÷ completed orders |
# | units | the sum of `quantity` over completed lines |
# | value before discount | the sum of `before_discount` (`quantity` × `price`) over completed lines |
# | discounts | what was given away as a share of it: 1 − net sales ÷ value before discount |
# | the share kept | the rest of it: net sales ÷ value before discount |
# | the cost of goods, as a cause | cost ÷ value before discount: cost prices, list prices and the mix of products |
# | week | ISO week, Monday to Sunday; an order line counts by its `day`, a shipment by the `day` that it left |
# | points | percentage points: 31.0 % to 32.5 % is a rise of 1.5 points |
# | freight cost | `freight` of shipments: its sum, or where the sentence says so its mean |
# | late | the share of shipments whose `late` is 1; least punctual is where the share on time is lowest |
# | at an equal mix of regions | the difference of two carriers' late shares in each region in which both have shipments, each weighted by all shipments to the region (of the customers named) |
# | a fair forecast | a range at least as wide as needed: from one week to the next, the figure moved by no more than the range's half width in 8 of 10 weeks of this quarter |
# | a query | what the SQL as it stands gives, run on `order_line` and `shipment` as section 2 shows them; its sentence is right when it says just that: which rows, from and up to which day, each once or more often, how rounded. DuckDB rounds here: `CAST(2.7 AS INTEGER)` is 3, where other databases cut it to 2 |
# | the discount on an order line | its `discount`, whatever the order's status |
# | a supported cause | handbook 1.6, from the week before. Gross margin is (1 − discounts − cost of goods) ÷ (1 − discounts), both as shares of value before discount: put the named one of this week into the margin of the week before, and leave the other; do it the other way round too. In both orders this makes at least half of the change, in its direction. At least 20 completed lines stand behind either week. Orders and units are no part of a margin |
#
# Words in `this type` are columns of the data, which section 2 explains; amounts are in the currency it names.
#
# **What a fair draft states** is listed in section 1.5 of the handbook, and here it is:
#
# | | the week's total | what fell short |
# |---|---|---|
# | the memo | the company's gross margin | the region that kept the lowest share of the value before discount on the category |
# | the answer | all completed orders of the company | how many orders the group's customers cancelled, in all regions |
# | the queries | a query for a total of the whole company, as its sentence describes it: of any of its days and orders | a query for the late shipments, as described |
# | the freight sheet | all freight of the company | the region to which the carrier was least punctual |
#
# A draft that lacks one of its two has something material missing; one that states it wrongly has not.

# %% tags=["parameters"]
quarter = "2026Q4"

# %%
from mondaylab.judging.notebook import open_lab

lab = open_lab("finance/weekly_margin_memo", quarter=quarter)

# %% [markdown]
# ## 1. Warm up
#
# Three claims, no points. Move the slider to how likely the claim is **wrong**, then look.

# %% tags=["nbval-ignore-output"]
lab.warm_up()

# %% [markdown]
# ## 2. Your data
#
# The company's sanitized data. Names and addresses are gone, ids are stand-ins; where a column is marked as assumed,
# the reason is below the table. The data comes as the two things this lab is about, order lines and shipments: each has
# what belongs to it in one table, joined already.

# %%
lab.concepts

# %%
order_lines = lab.concept("order_line")
shipments = lab.concept("shipment")
order_lines.head(3)[["order", "day", "week", "status", "region", "category", "net", "cost"]]

# %% [markdown]
# The same in SQL (DuckDB's), if you like it better; so you can also run a query that somebody else wrote:

# %%
lab.sql("SELECT region, SUM(net) AS net FROM order_line WHERE status = 'completed' GROUP BY region ORDER BY region")

# %% [markdown]
# Behind them are the company's own tables, as its systems have them. You need them only to look behind a figure:
# `lab.tables["…"]`, or `lab.look_up()` to browse without code.

# %%
for name, table in lab.tables.items():
    print(f"{name:12} {len(table):7,} rows   {', '.join(table.columns)}")

# %% [markdown]
# The policy handbook is here too. Run `lab.handbook` to read it, or search it:

# %%
lab.find_in_handbook("discount")

# %% [markdown]
# ## 3. Ask the assistant
#
# Before you look at the drafts: what would you have asked for? Say the task, the data it may use, the limits, and ask
# for sources and doubts. Send nothing personal or confidential.
#
# Our tool adds a fact sheet to each request; yours is below, with figures that none of your drafts is about. Ask for a memo
# on them. Nothing else of our data is sent, and what comes back may read well and still be wrong: hold it
# against the sheet.
#
# Your prompt counts, not the answer: the four things above earn its points, and one private detail takes them all. Write
# it in the cell below the sheet as one plain text in quotes, in English.

# %%
lab.fact_sheet

# %% task="prompt_answer"
prompt = "Write a margin memo."

# %% tags=["nbval-ignore-output"]
lab.check_prompt(prompt)

# %% tags=["nbval-ignore-output"]
lab.ask(prompt)

# %% [markdown]
# ## 4. Judge the drafts
#
# **First look**: for every marked claim a probability and an action, without the data. Commit it; it locks.
# **After checking**: work in the cells below, come back, and change your mind wherever the data says so.
#
# Your actions after checking count as they would here: looking up a right figure again costs a minute and "fixing" it
# three, a wrong one that you can put right is cheapest put right, and one that leaves with *Use* costs us eight minutes
# of explaining, fifteen if the CFO has decided on it.

# %% tags=["nbval-ignore-output"]
lab.judge()

# %% [markdown]
# ### Working space
#
# Check as you would at your desk. Nothing here is graded.

# %%
completed = order_lines[order_lines["status"] == "completed"]
weekly = completed.groupby(["week", "region"])[["net", "cost"]].sum()
weekly.tail(3)

# %%

# %% [markdown]
# ## 5. Evidence
#
# The figure to compute is below. Either write the function, or use the builder under it. Your code is run again on
# redrawn data, so a pasted number does not count. The cell has to stand alone: `pd` and `np` are there, and what is
# `lab.concept("order_line")` elsewhere is `tables.concept("order_line")` in it (`tables["…"]` gives the tables behind).

# %% tags=["nbval-ignore-output"]
print(lab.evidence_task)


# %% task="evidence_answer"
def evidence(tables):
    """Returns the figure asked for, as a float."""
    ### BEGIN SOLUTION
    raise NotImplementedError
    ### END SOLUTION


# %% tags=["nbval-ignore-output"]
lab.try_evidence(evidence)

# %% [markdown]
# No code? Build it here instead; *Save* stores it as your evidence.

# %% tags=["nbval-ignore-output"]
lab.evidence_builder()

# %% [markdown]
# ## 6. Validator (optional)
#
# For who likes to code; it takes another half an hour. Leave the answer cell as it is, and these points follow the
# share that your other answers earn. Write in it, and it is scored as it is.
#
# Write a checker that flags wrong claims by itself: statements of a region's gross margin in a week. Each claim is a
# dict with `id`, `text`, `value` (in percent), `region` and `week_start` (the Monday, as text; `pd.Timestamp(…)` makes it
# a date). Return the ids of the wrong ones. `tables` is what it is above. It is tried on redrawn data with claims you have not seen, half of them sound: flagging everything earns nothing.


# %% task="validator_answer"
def validator(claims, tables):
    """Returns the set of ids of the claims that are wrong."""
    ### BEGIN SOLUTION
    return set()
    ### END SOLUTION


# %% tags=["nbval-ignore-output"]
lab.try_validator(validator)

# %% [markdown]
# ## 7. Who checks, and how
#
# Your instructor reads these three. A few sentences each.

# %% [markdown] task="oversight_check_point"
# **Where in this work must a person check before it goes on, and what exactly do they check?**

# %% [markdown] task="oversight_accountability"
# **Who answers for the memo if a wrong figure goes out, and how would they know?**

# %% [markdown] task="oversight_disclosure"
# **What do you tell the CFO and the sales lead about how this was made?**

# %% [markdown]
# ## 8. Friday
#
# One thing you will do differently at work tomorrow. Not graded; you will be asked about it in three weeks.

# %% [markdown] task="friday"
# *On Friday I will …*

# %% [markdown]
# ---
# Your points appear below when the lab has been graded. Leave these cells as they are.

# %% task="judgement"
# judgement: how close your probabilities after checking came to the truth

# %% task="diagnosis"
# diagnosis: kind, severity and corrected value of the flaws you named

# %% task="decision"
# decision: what your actions after checking would have cost

# %% task="prompt"
# prompt: what you asked the assistant for

# %% task="evidence"
# evidence: your figure on redrawn data

# %% task="validator"
# validator: wrong claims flagged, sound claims passed
