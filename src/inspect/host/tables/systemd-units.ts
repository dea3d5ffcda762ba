import { defineHostTable } from '../table.ts';
import { readUnitFiles, unitValue } from '../systemd-files.ts';

export const table = defineHostTable({
  id: 'systemd_units',
  title: 'Units of systemd',
  description:
    'From the unit files, without systemd or D-Bus: so of a mounted root and of an image too. What only a running systemd knows (`active_state`, `sub_state`, jobs) is empty; drop-ins are not merged in.',
  columns: {
    id: 'text',
    description: 'text',
    load_state: 'text',
    active_state: 'text',
    sub_state: 'text',
    unit_file_state: 'text',
    following: 'text',
    object_path: 'text',
    job_id: 'bigint',
    job_type: 'text',
    job_path: 'text',
    fragment_path: 'text',
    user: 'text',
    source_path: 'text',
  },
  needs: 'root',
  *rows(context) {
    for (const unit of readUnitFiles(context)) {
      yield {
        id: unit.id,
        description: unitValue(unit, 'Unit', 'Description'),
        load_state: unit.state === 'masked' ? 'masked' : 'loaded',
        active_state: '',
        sub_state: '',
        unit_file_state: unit.state,
        fragment_path: unit.path,
        user: unitValue(unit, 'Service', 'User'),
        source_path: unitValue(unit, 'Unit', 'SourcePath'),
      };
    }
  },
});
