-- Error numbers, the sentences that logs hold, and what several causes of one sentence are.

CREATE TABLE error_code (
  family TEXT NOT NULL CHECK (family IN ('runtime','driver','runtime-before-10.1','nvml','windows','xid','nvidia-smi')),
  code INTEGER NOT NULL,
  name TEXT NOT NULL,
  message TEXT NOT NULL,                       -- the sentence that is printed, or '-'
  rule_id TEXT NOT NULL,                       -- the rule whose failure it is, or '-'
  class TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (family, code)
) STRICT;

-- anchor: a literal that must occur (compared byte by byte, without case), or several of which one must, '|' between them; pattern an RE2
-- expression over the line, or '-'.
-- rank: what a start would meet first counts first; followers (wrappers) have a high rank.
CREATE TABLE error_pattern (
  pattern_id TEXT NOT NULL PRIMARY KEY,
  anchor TEXT NOT NULL,
  pattern TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  class TEXT NOT NULL CHECK (class IN ('image','driver','library','package','build','container','permission','environment','memory','program','hardware','vendor')),
  family TEXT NOT NULL,
  code TEXT NOT NULL,
  rank INTEGER NOT NULL,
  note TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- A sentence that other programs print as well counts where one of these words stands within so many lines of it,
-- and its own line does not say `unless` (that something else is used and the program goes on; '-' for nothing).
CREATE TABLE context_word (
  context TEXT NOT NULL PRIMARY KEY,
  pattern TEXT NOT NULL,                       -- RE2, without case
  lines INTEGER NOT NULL CHECK (lines BETWEEN 0 AND 40),
  unless TEXT NOT NULL,                        -- terms of wording_term, '+' between them, or '-'
  note TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

CREATE TABLE error_context (
  pattern_id TEXT NOT NULL PRIMARY KEY REFERENCES error_pattern,
  context TEXT NOT NULL REFERENCES context_word,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL                        -- who else prints it
) STRICT;

-- What lines of logs are made of: what is spoken of (driver, card, library), what is complained of (absent, old), by what a line is a guide
-- (guide) or tells that something else is used (goes-on). A row is one way to say a term: one of the anchors must occur (small letters, three or more,
-- '|' between them; '-' for none), pattern is an RE2 expression without case of what is said, '-': the anchor as whole words.
CREATE TABLE wording_term (
  term TEXT NOT NULL,
  way INTEGER NOT NULL,
  anchor TEXT NOT NULL CHECK (anchor = lower(anchor)),
  pattern TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (term, way)
) STRICT;

-- What is left where no row of error_pattern says anything of a log: a subject and a complaint on one line, at most so many bytes apart,
-- in whatever words. Names of terms, '+' between those of which one is enough, or '-'. Asked of `explain` alone; of a line the lowest rank counts.
CREATE TABLE error_wording (
  wording_id TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  complaint TEXT NOT NULL,                     -- '-' where the subject says it alone
  gap INTEGER NOT NULL CHECK (gap BETWEEN 0 AND 200),
  stands TEXT NOT NULL CHECK (stands IN ('either','before','behind')),  -- where the complaint stands
  demand TEXT NOT NULL,                        -- what the line must say as well
  unless TEXT NOT NULL,                        -- what it must not say
  rule_id TEXT NOT NULL,                       -- as in error_pattern
  class TEXT NOT NULL CHECK (class IN ('image','driver','library','package','build','container','permission','environment','memory','program','hardware','vendor')),
  rank INTEGER NOT NULL,
  note TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- What else a sentence may mean, cheapest check first. rule_id: the rule that it was taken for, or 'wording/X' where that way of saying it
-- (a row of error_pattern or error_wording) leaves more open than the rule does, or 'runtime/13' for a number that has no rule.
CREATE TABLE candidate (
  rule_id TEXT NOT NULL,
  candidate_rule TEXT NOT NULL,
  rank INTEGER NOT NULL,
  os TEXT NOT NULL CHECK (os IN ('*','linux','windows','wsl')),
  platform TEXT NOT NULL CHECK (platform = '*' OR ltrim(platform, 'abcdefghijklmnopqrstuvwxyz+') = ''),  -- where it can be, as in remedy; all where nothing says
  only_for TEXT NOT NULL,                      -- packages, 'torch+vllm', or '*'; a row for the package stands before the '*' of the same rank
  because TEXT NOT NULL,
  command TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (rule_id, candidate_rule, os, platform, only_for)
) STRICT;

-- One sentence, several rules; pattern_id is of error_pattern or error_wording. What decides: 'platform', 'arch' or 'os' when the question states or the
-- text shows `value`; 'facts' when what the sentence names (or, where it names no card, the cards that are stated or that the text names) and the tables
-- (sentence_choice) say this rule; 'capability-from' when no floor is printed and the card that is refused has at least the capability `value`; 'answer' when the question itself concludes it; 'else' when the
-- tables know all that the sentence names and rule out every other reading; 'driver-from' and 'cuda-from' when the stated driver or toolkit is
-- at least `value`; 'vendor' when the text is about another vendor's card alone; 'foreign' when what an installer names is no package of the data;
-- 'runs' when the facts say that what the text names runs there. rule_id '-': no question of compatibility then.
CREATE TABLE error_choice (
  pattern_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  class TEXT NOT NULL,
  decided_by TEXT NOT NULL CHECK (decided_by IN ('platform','arch','os','facts','answer','else','driver-from','cuda-from','vendor','runs','bus','foreign','capability-from','driver-serves')),
  value TEXT NOT NULL,                         -- '-' where nothing is compared
  note TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (pattern_id, rule_id)
) STRICT;
