/** The detector's rules by name; raised when what it would raise may change, for that must be seen in the evidence. */
export const METHOD = 'insider/v5'
