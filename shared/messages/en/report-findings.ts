import type { Message } from "../catalogue.ts";

/** English: the report's section on findings. */
export const reportFindings = {
  "document.findings.title": "Findings",
  "document.findings.intro": {
    one: "One finding. Items chosen by suspicion show that a problem exists, not how often; a rate comes from the random sample alone.",
    other:
      "{shown} findings, the heaviest first. Items chosen by suspicion show that a problem exists, not how often; a rate comes from the random sample alone.",
  },
  "document.findings.none":
    "No finding was written: nobody has put items together under one problem.",
  "document.findings.name": "9.{no} {title}",
  "document.findings.plate": "9.{no} {letter}",
  "document.findings.cases": "Other chosen cases",
  "document.findings.fact.severity": "Severity",
  "document.findings.fact.harm": "Likelihood of harm",
  "document.findings.fact.state": "State",
  "document.findings.fact.items": "Items found",
  "document.findings.fact.rate": "Rate in the random sample",
  "document.findings.fact.changed": "Changed since",
  "document.findings.fact.shortcut": "Shortcut",
  "document.findings.fact.classes": "Classes",
  "document.findings.fact.subgroup": "Subgroup",
  "document.findings.fact.sites": "By site",
  "document.findings.fact.tests": "Region tests attached",
  "document.findings.fact.recommendation": "Recommendation",
  "document.findings.fact.advice": "In words",
  "document.findings.fact.owner": "Owner",
  "document.findings.not-measured": "Not measured. {cause}",
  "document.findings.tests":
    "{attached}; median change of the score {median}; the answer changed in {k} of {n}",
  "document.findings.site": "{name} {count}",
  "document.findings.accuracy.rate": "95\u202f%, Wilson",
  "document.findings.group": "Answers of the model",
  "document.findings.no-evidence":
    "No evidence yet: neither an item nor a region test is attached, so this is an assertion.",
  "document.tests.title": "Score before and after covering the region",
  "document.tests.note":
    "Covered by {fills}. Filled: the score before; hollow: after. The areas elsewhere have the same shape; rank 1 means that covering none of them costs more.",
  "document.tests.before": "Before",
  "document.tests.after": "After",
  "document.tests.elsewhere": "Areas elsewhere",
  "document.tests.elsewhere.value": "{mean} ± {sd}, n = {n}",
  "document.tests.rank": "Rank",
  "document.tests.rank.value": "{rank} of {n}",
  "document.tests.disagree": "fills disagree",
  "document.tests.more": "{n} more stand in tests.csv.",
} satisfies Record<string, Message>;
