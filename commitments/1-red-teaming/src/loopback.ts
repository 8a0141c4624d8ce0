/** Whether an address is of this machine: a person who types one at their own machine means it. */
export function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? ''
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** A model as its owner named it at their own machine: what is on this machine may be asked without saying so. */
export function allowingLoopback<Spec extends { url: string; allowPrivate?: boolean }>(spec: Spec): Spec {
  return isLoopback(spec.url) ? { ...spec, allowPrivate: true } : spec
}
