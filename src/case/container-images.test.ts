import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { event } from '../../tests/support/event-store.ts';
import { createLocalNetworks } from '../base/networks.ts';
import type { Entity } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import { openDuckdbStore } from '../store/duckdb/duckdb-store.ts';
import type { Store } from '../store/store.ts';
import { withImages } from './container-images.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-images-'));
const id = '9f2c41d07be8aa00112233445566778899aabbccddeeff00112233445566778899'.slice(0, 64);
let store: Store;
beforeAll(async () => {
  store = await openDuckdbStore({ folder, networks: createLocalNetworks() });
  const progress = { byte: 1, line: 1, state: null, isComplete: true };
  const evidence = { path: 'a', sha256: 'a', content_sha256: 'a', size: 1, head_sha256: '', source: 'falco-json' };
  const added = { done_byte: 0, done_line: 0, done_state: null, is_complete: false, added_at: 0 };
  const evidenceId = await store.addEvidence({ ...evidence, ...added });
  const told = event('alert', { container_id: id, container_name: 'web', container_image_name: 'shop/web:4.2' });
  await store.commit({ evidenceId, events: [told], problems: [], progress });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const finding = (...entities: Entity[]): Finding => ({ id: 'f', entities }) as unknown as Finding;
const image: Entity = { kind: 'image', value: 'shop/web:4.2' };

it('names the image of a container wherever any sensor has told it, by name, id or short id', async () => {
  for (const value of ['web', id, id.slice(0, 12)]) {
    const container: Entity = { kind: 'container', value };
    expect(await withImages(store, [finding(container)])).toEqual([finding(container, image)]);
  }
});

it('leaves what names an image, no container, or an unknown one', async () => {
  const findings = [
    finding({ kind: 'container', value: 'web' }, { kind: 'image', value: 'other:1' }),
    finding({ kind: 'host', value: 'web' }),
    finding({ kind: 'container', value: 'db' }),
  ];
  expect(await withImages(store, findings)).toEqual(findings);
});
