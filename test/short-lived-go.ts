/**
 * For programs written in Go that live for seconds, as helm, kubectl and terraform with its provider do: they collect no
 * garbage before they have a gigabyte of it. That takes a fourth off the processor's time that they need, and changes
 * nothing of what they do.
 *
 * @see https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
export const SHORT_LIVED_GO = { GOGC: "off", GOMEMLIMIT: "1GiB" } as const;
