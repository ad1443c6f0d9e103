/**
 * Keeps the SDK from looking for forms. Node loads its whole fetch (20 ms) as soon as anybody looks at this global, and
 * the SDK's pipeline looks at it for every request. No request of ours is a form.
 */
export function withoutForms(): void {
  Reflect.deleteProperty(globalThis, "FormData");
}
