/** What `parse` returns in place of the offset after the line. */
export const ParseResult = { needMore: -1, error: -2 } as const;
