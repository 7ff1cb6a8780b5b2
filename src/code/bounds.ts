/**
 * How much of one file is read at most, whatever stands in it. What goes beyond is left out, and said to be: in
 * `FileSummary.truncated`, which `scan --stats`, `explain` and the editor quote. Files that are not even searched are not named.
 */

/** Files on disk larger than this are not read: people write none, and the parser takes seconds for them. */
export const mostBytes = 2 * 1024 * 1024;

/** Larger files are not even searched for what makes a file worth reading. */
export const mostSearchedBytes = 64 * 1024 * 1024;

/** UTF-16 units of an open document; what follows is not read. Somebody looks at it, so more than of files. */
export const mostDocumentUnits = 8 * 1024 * 1024;

/** Text of at least so many units, whose lines are longer than this on average in its first part, is minified. */
export const minified = { units: 20_000, lineUnits: 1_000, looked: 200_000 } as const;

/**
 * A parse that takes longer is given up. Real code takes a second for 2 MB; but the parser needs time by the square for
 * some texts that nest deeply, and is asked on the one thread that answers for all files.
 */
export const mostParseMs = 5_000;

/**
 * What was parsed is read for no longer than this; what stands in the file beyond is left out. Real code of 2 MB takes a
 * second.
 */
export const mostReadMs = 5_000;

/**
 * What a file's calls mean is followed through other files for no longer than this; what is not known by then is left
 * out. Real files take milliseconds.
 */
export const mostLinkMs = 5_000;

/** The same for what somebody waits for at the cursor: what is not known by then is not offered. */
export const mostAskedMs = 500;

/**
 * Texts that may end the WebAssembly module of all grammars (some recurse by the text's depth, out of their stack), by
 * grammar. Each costs a new start of the library; after so many the grammar is given up and the others live on.
 */
export const mostCrashes = 10;
