/** `beacon`, `analytics/beacon` and `analytics` all name `analytics/beacon`. */
export function isDetectorNamed(detector: string, name: string): boolean {
  return detector === name || detector.startsWith(`${name}/`) || detector.endsWith(`/${name}`);
}
