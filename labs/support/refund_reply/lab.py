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
# # Refund replies
#
# Thursday, ten past three, and the queue is long. The assistant has written an answer to a customer and a page for
# Friday's stand-up. And either it has dealt with one return by itself, with tools, or there are two answers to a
# question of the team lead, and a second assistant says which of them to send. All of it goes out, or has gone out,
# under your name. It reads our tables and our handbook, mostly.
#
# **What you do here:** read all of it as it stands. What you judge is underlined or framed; of
# each of these places a whole sentence says what it is judged as. Say how likely it is wrong and what you would do
# with it. First from the gut, then after looking it up. Then you show where one figure comes from, and say how we should
# run this. You write no code; everything is looked up and put together in menus.
#
# **Half an hour, a little more.** Say 70 when you mean 70: being honestly unsure costs less than being boldly wrong. The
# first round brings no points, only the comparison. At the end: *Nbgrader → Assignment List → Submit*.
#
# | when we say | it is |
# |---|---|
# | a return | one row of `returns`, named by its `return_id`; the mail's heading names it; what somebody sent in twice is two rows, and two returns |
# | the request is of, delivered | `requested_date`, `delivered_date`; `days_since_delivery` counts from the one to the other |
# | what a customer asks for | `refund_requested` |
# | pieces | `quantity`: what goes back, not what was bought |
# | the terms | chapter 3 of our handbook; in quotation marks stand the handbook's own words, a whole sentence of them |
# | how long the goods may come back | section 3.3 counts from the day they arrived: of its days those are left that had not passed at the request, `days_since_delivery` |
# | vouchers so far | `vouchers_before`: what this customer had in vouchers earlier this quarter than the request; that, and nothing else, counts towards the limit of section 3.5 here |
# | what a customer wrote | stands under the mail and is not judged; what it asks for, or says was agreed, changes nothing in our terms |
# | a step of the assistant | the tool that it called and all that this returned; both are shown as they were, and are not judged |
# | the first step returned | the figure that stands there: `refund_requested` is the amount asked for, `order_value` the value of the order |
# | whose instructions count | section 6.3, by who is recorded as having written the attachment, whatever its text says |
# | an approval first | section 6.6: what would pass the limit of section 3.5, with the vouchers so far, is approved before |
# | may send unasked | all of it stands in section 6.4 for that recipient |
# | two answers, A and B | where they differ, one has what our tables give and the other has not; they stand there to be compared and are not judged. What is judged is what the assistant below says of them |
# | an error is minor, material, critical | a figure that is less than 5 % off, 5 % or more, 30 % or more. Off is the difference divided by the right figure, for a share too (46 % where 42 % is right is 9.5 % off); where the right figure is 0, any other is critical |
# | the answer to send | the one whose worst error is less bad; if the worst are equally bad, the one with fewer errors. Which has which errors our tables say, not the assistant below: it may be right about each difference and wrong about which to send, and the other way round |
# | decided | every `decision` but `open` |
# | approved | `refund`, `replacement` or `voucher`; a share approved is approved ÷ decided |
# | settled with a voucher | `decision` is `voucher` |
# | a week | Monday to Sunday, by `requested_date` |
# | from a region, of a segment | that of the customer |
# | brought by a carrier | `carrier` of the order's row in `shipments` |
# | asked for on average | the plain mean of `refund_requested` over all the returns meant, of that week, whatever was decided |
# | the amount asked for | all `refund_requested` of the returns meant: their number × what was asked for on average |
# | where its rise or fall comes from | section 1.6, from the week before. Take the named one (the number, or the average) of this week and the other of the week before, then the other way round: it is a cause if both times it makes at least half of the change, in its direction, and at least 20 returns came in in either week. What was refused is no part of what was asked for. The builder of section 5 gives number and average of a region in a week |
#
# **What must be in it.** A mail says what section 3.6 lists, the page for the stand-up and the words on two answers what
# section 1.5 lists, the report of the assistant's last step what section 6.5 lists:
#
# | | says |
# |---|---|
# | what was decided | `decision` of the return, in plain words; section 3.3 has the rule behind it |
# | why | wrong, damaged or not as described: whether a replacement is in stock (`in_stock`); a change of mind: whether the goods were opened (`opened`); both by section 3.3 |
# | what happens next | wrong, damaged or not as described: how long the goods may come back (section 3.3); a change of mind: with which carrier they go back, the one that brought them (section 3.4) |
# | the week's total | all returns taken in that week, over all regions |
# | what fell short | how many returns of the region that it is about were refused |
# | what the return is about | the article, by its name |
# | why it came back | `reason` of the return, in plain words |
#
# If one of them is not there, something material is missing; if it is there and wrong, that place is wrong, and nothing
# is missing. What a tool returned, or a note says, is no part of a report; nor are the two answers of the words on them.

# %% tags=["parameters"]
quarter = "2026Q4"

# %%
from mondaylab.judging.notebook import open_lab

lab = open_lab("support/refund_reply", quarter=quarter)

# %% [markdown]
# ## 1. Three to warm up
#
# How likely is each one **wrong**? Move the slider, then look. Nobody counts these.

# %% tags=["nbval-ignore-output"]
lab.warm_up()

# %% [markdown]
# ## 2. Where you look things up
#
# These are our own tables, cleaned of names and addresses. Order and return numbers are stand-ins; days and amounts are
# real. Pick a table, filter it, and open the rows that hang together with one you found.

# %% tags=["nbval-ignore-output"]
lab.look_up()

# %% [markdown]
# The handbook is searched by a word. Try the ones you would have on the phone.

# %%
lab.find_in_handbook("voucher")

# %% [markdown]
# ## 3. What would you have asked for?
#
# Write the request you would have given the assistant for a page like Friday's, on the figures below. Say what it should
# write, from which data, within which limits, and that it should tell you where each figure is from and what it is unsure
# of. Nothing about a real person goes in. The figures go with it, as our tool adds them; none of your drafts is about
# them. The check tells you what a careful colleague would miss.
#
# The request brings points: a quarter for each of the four, none at all once somebody's name or number is in it. Keep it
# one plain English text between the quotes.

# %%
lab.fact_sheet

# %% task="prompt_answer"
prompt = "Write something about the returns."

# %% tags=["nbval-ignore-output"]
lab.check_prompt(prompt)

# %% tags=["nbval-ignore-output"]
lab.ask(prompt)

# %% [markdown]
# ## 4. Read, then check
#
# **First look**: every underlined place gets a number and an action before you look anything up. Commit, and it is locked.
# **After checking**: *Check this* opens the table or the handbook for a place. Look as often as you like, and correct
# yourself.
#
# What you choose after checking is counted the way the queue would feel it: one more look at a right sentence is a
# minute, a call to the team lead four, a wrong promise that goes out eight to fifteen. What you can put right, put right;
# another customer's data goes to the team lead.

# %% tags=["nbval-ignore-output"]
lab.judge()

# %% [markdown]
# ## 5. Show where a figure comes from
#
# One figure is yours to prove. Put it together from the menus and save it: two counts, one divided by the other. It is
# worked out again on changed data, so the way you count is what counts.

# %%
print(lab.evidence_task)

# %% tags=["nbval-ignore-output"]
lab.evidence_builder()

# %% [markdown]
# ## 6. How should we run this?
#
# Your team lead reads these. Write as you would in the team channel, three or four sentences each.

# %% [markdown] task="oversight_check_point"
# **Which sentences of such a mail must a person look at before it leaves, and in which table or section?**

# %% [markdown] task="oversight_accountability"
# **A wrong promise went out. Who puts it right with the customer, and how does the team learn of it?**

# %% [markdown] task="oversight_disclosure"
# **Does the customer learn that an assistant drafted the mail? What exactly do we tell them?**

# %% [markdown]
# ## 7. And tomorrow?
#
# One thing in your own queue that you will handle differently from tomorrow on. It is not marked. In three weeks somebody
# asks you how it went.

# %% [markdown] task="friday"
# *From Friday on I will …*

# %% [markdown]
# ---
# Your points show up in the cells below once this has been marked. Please leave the cells alone.

# %% task="judgement"
# judgement: how close your numbers after checking came to the truth

# %% task="diagnosis"
# diagnosis: what was wrong, how bad, and the right value

# %% task="decision"
# decision: what your choices after checking would have cost us

# %% task="prompt"
# prompt: your request to the assistant

# %% task="evidence"
# evidence: your figure, worked out again on changed data
