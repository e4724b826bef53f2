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
# # Screening summary
#
# The panel meets tomorrow at nine. Our recruiting assistant has summed up one vacancy for it, drafted a note for the works
# council, and either put one application into a table for the hiring manager or drawn charts for the works council. They
# stand below as they would be sent. People's chances hang on these pages, and on what you let
# through this afternoon.
#
# **Your part:** weigh each statement. How likely is it wrong, and would you use it, verify it, fix it or take it to
# somebody? Once at sight and once with the data open. After that you document one figure and lay down how a screening
# like this may be used at all. No code is needed.
#
# **Plan 35 minutes.** A well-placed doubt is worth more than a bold guess: the scoring rewards the probability you
# really hold. What you say at first sight is not scored. Hand in with *Nbgrader → Assignment List → Submit*.
#
# | term | meaning here |
# |---|---|
# | vacancy, application, staff number | `vacancy_id`, `application_id`, `employee_id` |
# | work sample | `work_sample`, 0 to 100; blank when none was handed in, and then not in an average |
# | structured interview | `structured_interview`, 1 to 5; blank when none was held |
# | meets the minimum | `meets_minimum` is 1 |
# | invited | `interviewed` is 1, whatever came of it; where it is 0, no structured interview was held |
# | offered the post | `stage` is `offered`; a share of those invited |
# | works part time, full time | `part_time` is 1, or 0 |
# | the three strongest | the three highest work samples of the vacancy from that site, whoever they belong to |
# | certificates | `certificates` |
# | withdrawn | `stage` is `withdrawn` |
# | skills match | `skills_match` is a share: 0.58 is 58 %; one applicant's is given as it stands there, an average in percent, as the plain mean over applications |
# | posts in a department | by the vacancy's department; where they come from is `home_department`, their place `site` |
# | a chart | its numbers unfold below it. Its sentence is right when each bar is of just what it says, and when the bars stand in that order and begin there; equal bars may stand either way, and by the alphabet digits come before letters. Where bars stand by how many people of a home department applied, invited or not, these are counted for that one home department alone, each person once for each department of a post. Who applied several times to posts in one bar counts as often as the sentence says |
# | a group's people, colleagues, applicants | all different `employee_id`s in it, with or without a work sample; who applied twice counts once |
#
# **Agreed for this round:** the panel asks for at least 3.2 points in the structured interview. Everything that is said of
# a group follows section 7.3, also inside the house: a true figure about too few people must not be sent. The note on one
# application goes to its hiring manager, who may read that applicant's marks.
#
# **Expected in each text** is what the handbook lists for it:
#
# | text | section | states |
# |---|---|---|
# | the summary | 7.6 | how many were invited; what it did not see: with how many applicants no structured interview was held |
# | the note on one application | 7.7 | the work sample; the structured interview, as points or against the panel's 3.2 |
# | the note to the works council | 7.8 | how many from one department and site applied for a department's posts; how many were invited |
# | the charts for the works council | 7.8 | bars of how many of a home department applied from a site; bars of how many of one were invited |
#
# What a text quotes from the handbook is sound only where a whole sentence of that section stands there in the same words;
# a limit is today's, not the one that held until then. Who says that nobody has withdrawn says so of those of that site.
#
# A text without one of its two lacks something material; one that gives it wrongly does not.

# %% tags=["parameters"]
quarter = "2026Q4"

# %%
from mondaylab.judging.notebook import open_lab

lab = open_lab("people/screening_summary", quarter=quarter)

# %% [markdown]
# ## 1. Get the feel
#
# Three statements outside the scoring. Place the slider at the chance that the statement is **wrong**; the answer follows.

# %% tags=["nbval-ignore-output"]
lab.warm_up()

# %% [markdown]
# ## 2. The files
#
# Names, birthdays, gender and nationality were removed before the data came here. What is left still describes people:
# treat it so. Choose a table and narrow it down; from an application you get to its vacancy. To hold a chart against them,
# count one or two of its bars yourself: of its home department, and of one site, post's department or age.

# %% tags=["nbval-ignore-output"]
lab.look_up()

# %% [markdown]
# What selection may rest on stands in chapter 7 of the handbook.

# %%
lab.find_in_handbook("criteria")

# %% [markdown]
# ## 3. Frame the request
#
# How should the assistant have been asked? Put the task, the data it may draw on, what it must leave out, and the demand
# for sources and open questions into one request. Keep every detail about persons out. The check below gives its reasons.
#
# To whatever is asked, our tool adds figures of the quarter. Yours stand here; none of your drafts is about
# them, and they are all that the assistant is given. A note on them is a request that it can meet.
#
# Your request is scored on those four points, and scores nothing if it identifies anybody. One English text in quotes.

# %%
lab.fact_sheet

# %% task="prompt_answer"
prompt = "Tell me who is best."

# %% tags=["nbval-ignore-output"]
lab.check_prompt(prompt)

# %% tags=["nbval-ignore-output"]
lab.ask(prompt)

# %% [markdown]
# ## 4. Weigh the drafts
#
# **First look**: a probability and an action for each statement, from reading alone. Committing locks it.
# **After checking**: *Check this* opens the files or the handbook for a claim; then settle what you stand behind.
#
# The action you settle on is scored by what it would lead to: a second look at a sound statement is cheap, a wrong one
# that the panel uses costs somebody an interview, and anything unfair or confidential belongs with the head of HR even
# if you could reword it.

# %% tags=["nbval-ignore-output"]
lab.judge()

# %% [markdown]
# ## 5. Document one figure
#
# An auditor would ask how you got it. Build the figure named here and save it. The build is repeated on redrawn files.

# %%
print(lab.evidence_task)

# %% tags=["nbval-ignore-output"]
lab.evidence_builder()

# %% [markdown]
# ## 6. Lay down the rules
#
# Three short answers for the people who will run the next screening. Your instructor marks them.

# %% [markdown] task="oversight_check_point"
# **At which step does a person check a summary like this, and what would make them throw it away?**

# %% [markdown] task="oversight_accountability"
# **Somebody was wrongly left off the list. Who answers to them, and how is it found and undone?**

# %% [markdown] task="oversight_disclosure"
# **What are applicants and the works council told about the assistant's part?**

# %% [markdown]
# ## 7. On your own desk
#
# Name one step of your current recruiting that you will change this Friday. Unmarked; you will be reminded in three weeks.

# %% [markdown] task="friday"
# *This Friday I will …*

# %% [markdown]
# ---
# The cells below receive your points. Nothing is to be entered there.

# %% task="judgement"
# judgement: your probabilities after checking against the truth

# %% task="diagnosis"
# diagnosis: kind, weight and correction of the flaws you found

# %% task="decision"
# decision: what your actions after checking would have led to

# %% task="prompt"
# prompt: how you framed the request

# %% task="evidence"
# evidence: your figure on redrawn files
