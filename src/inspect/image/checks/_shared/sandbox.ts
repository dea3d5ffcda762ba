/**
 * Runtimes that put a container behind a kernel of its own, by the names that their projects give them; undefined for those that
 * share the kernel of the host.
 */
export function sandboxOf(runtime: string): string | undefined {
  const name = runtime.slice(runtime.lastIndexOf('/') + 1).toLowerCase();
  if (/^(?:runsc|gvisor)|\.runsc\.|gvisor/.test(name)) return 'gVisor';
  if (/kata/.test(name)) return 'Kata Containers';
  if (/^(?:krun|crun-vm|libkrun)|firecracker|^aws\.firecracker/.test(name)) return 'a virtual machine';
  return undefined;
}
