-- What begins ends later or not at all.
SELECT 'architecture/' || target AS key, 'first_toolkit ' || first_toolkit || ' is after last_toolkit ' || last_toolkit AS message
  FROM architecture WHERE first_toolkit_key > last_toolkit_key
UNION ALL
SELECT 'toolkit_platform/' || platform, 'first_toolkit ' || first_toolkit || ' is after last_toolkit ' || last_toolkit
  FROM toolkit_platform WHERE first_toolkit_key > last_toolkit_key;
