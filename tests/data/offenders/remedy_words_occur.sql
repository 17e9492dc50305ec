INSERT INTO remedy_word VALUES ('ubuntu', 'words that no remedy says', '-', 'x', 'x');
