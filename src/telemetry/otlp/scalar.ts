/** An attribute value that is looked at. Arrays, maps and bytes never are. */
export type Scalar = string | number | boolean;
