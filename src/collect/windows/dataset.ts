import type { Provider } from './provider.ts';

/** Channels whose dataset is remembered; a file has one, or a few dozen when it was put together. */
const maxRemembered = 1000;
const remembered = new Map<string, string>();

/** `windows.sysmon`, `windows.security`; for a provider that is not known by the channel: `windows.ntfs-operational`. */
export function datasetOf(provider: Provider | undefined, channel: string | null): string {
  if (provider !== undefined) return `windows.${provider.dataset}`;
  if (channel === null) return 'windows';
  const known = remembered.get(channel);
  if (known !== undefined) return known;
  const dataset = `windows.${slug(channel)}`;
  if (remembered.size < maxRemembered) remembered.set(channel, dataset);
  return dataset;
}

function slug(channel: string): string {
  const lower = channel.slice(0, 200).toLowerCase();
  return lower.replace(/^microsoft-windows-/, '').replaceAll(/[^\da-z]+/g, '-');
}
