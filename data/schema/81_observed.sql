-- What a probe, report, log or scan shows that no table can know: a rule id, what it is about, the text seen, and where.
CREATE TABLE observed_finding (
  finding_id INTEGER PRIMARY KEY,
  rule_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  place TEXT NOT NULL,                         -- file:line, or empty
  package TEXT NOT NULL DEFAULT '',            -- of which package its own words are; '' where they name none
  floor_key INTEGER                            -- the least capability that the sentence asks for; NULL where it names none
) STRICT;

-- What one sentence of a log names: 'pci' 10de:25a0, 'driver' 520.56.06, 'target' sm_101, 'toolkit' 13.0.
CREATE TABLE observed_sentence (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  value_key INTEGER                            -- of a version
) STRICT;

-- How much a report names of each kind: 'gpu', 'driver', 'board', 'toolkit', 'subject'; 'listed-by-driver' where the driver itself
-- shows the card; 'of-a-framework' where a framework wrote it and says whether CUDA is available to it; 'card-unread', the line that names a card and was not
-- understood, where no other does; and 'other-vendor', whose card or stack it is about.
CREATE TABLE observed_report (
  what TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  text TEXT NOT NULL                           -- shown; may be empty
) STRICT;

-- A name of several cards, and a driver that itself lists the card: those it does not drive are not the one.
CREATE VIEW twin_ruled_out AS
  SELECT d.device_id
    FROM asked_device d JOIN asked_driver r ON r.stated = 1 JOIN driver_support s ON s.cc_key = d.cc_key AND s.os = r.driver_os
   WHERE d.stated = 1 AND EXISTS (SELECT 1 FROM observed_report WHERE what = 'listed-by-driver' AND count > 0)
     AND (r.branch_key > s.last_branch_key OR r.branch_key < s.first_branch_key)
     AND EXISTS (SELECT 1 FROM asked_device o JOIN driver_support t ON t.cc_key = o.cc_key AND t.os = r.driver_os
                  WHERE o.stated = 1 AND o.position = d.position AND o.device_id <> d.device_id
                    AND r.branch_key BETWEEN t.first_branch_key AND t.last_branch_key);
