-- The data is of the day of its newest dated fact: one that is newer would be said not to be in it.
SELECT 'meta/as_of' AS key, 'as_of is ' || m.value || ', and the newest release in the data is of ' || n.day AS message
  FROM meta m JOIN (SELECT max(released) AS day FROM (SELECT released FROM build UNION ALL SELECT released FROM toolkit UNION ALL SELECT released FROM driver_branch)
                     WHERE released GLOB '2*') n
 WHERE m.key = 'as_of' AND m.value <> n.day;
