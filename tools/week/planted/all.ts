import { createEvidence, type Evidence } from '../../samples/model/evidence.ts';
import { createScene, sampleSeed } from '../../samples/model/scene.ts';
import { shapes, type Shape, type ShapeName } from '../shapes.ts';
import { beacon } from './beacon.ts';
import { bruteForce } from './brute-force.ts';
import { cloudC2 } from './cloud-c2.ts';
import { dga } from './dga.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { exfiltration } from './exfiltration.ts';
import { jndi } from './jndi.ts';
import { lateralMovement } from './lateral-movement.ts';
import { longConnection } from './long-connection.ts';
import { phoningUpdater } from './phoning-updater.ts';
import type { Planted } from './planted.ts';
import { rogueDevice } from './rogue-device.ts';
import { scheduledTheft } from './scheduled-theft.ts';
import { slowBeacon } from './slow-beacon.ts';

export const planted: Readonly<Record<string, Planted>> = {
  beacon,
  'slow-beacon': slowBeacon,
  'long-connection': longConnection,
  'dns-tunnel': dnsTunnel,
  exfiltration,
  'scheduled-theft': scheduledTheft,
  jndi,
  'phoning-updater': phoningUpdater,
  'rogue-device': rogueDevice,
  'cloud-c2': cloudC2,
  'brute-force': bruteForce,
  'lateral-movement': lateralMovement,
  dga,
};

/** A planted behaviour as the sensor of the company sees it. */
export function playPlanted(
  name: string,
  { play }: Planted,
  seed = sampleSeed,
  company: ShapeName = 'office',
): Evidence {
  const shape: Shape = shapes[company];
  const evidence = createEvidence();
  play(createScene(name, evidence, undefined, `${seed} planted`));
  return shape.seen?.(evidence) ?? evidence;
}
