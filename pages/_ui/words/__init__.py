"""Below the stage of Compare: how well each class is told, and what each word of a sentence does to the answer."""
