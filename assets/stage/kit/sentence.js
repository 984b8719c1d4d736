// Whether a sequence is read word by word: too long for the axis below a picture.

/** @param {{tokens: string[], read: number}} sequence */
export const isSentence = ({ tokens, read }) => !read && tokens.every(Boolean) && tokens.some((word) => word.length > 1);
