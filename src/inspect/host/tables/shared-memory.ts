import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'shared_memory',
  title: 'Shared memory of System V',
  description: 'From `/proc/sysvipc/shm`.',
  columns: {
    shmid: 'integer',
    owner_uid: 'bigint',
    creator_uid: 'bigint',
    pid: 'bigint',
    creator_pid: 'bigint',
    atime: 'bigint',
    dtime: 'bigint',
    ctime: 'bigint',
    permissions: 'text',
    size: 'bigint',
    attached: 'integer',
    status: 'text',
    locked: 'integer',
  },
  needs: 'live',
  *rows({ proc }) {
    for (const line of proc.text('sysvipc/shm').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields.length < 14) continue;
      const [, shmid, , size, creator, last, attached, owner, , maker, , atime, dtime, ctime] = fields.map(Number);
      const mode = Number.parseInt(fields[2] ?? '0', 8);
      yield {
        shmid,
        owner_uid: owner,
        creator_uid: maker,
        pid: last,
        creator_pid: creator,
        atime,
        dtime,
        ctime,
        permissions: `0${(mode & 0o777).toString(8).padStart(3, '0')}`,
        size,
        attached,
        status: (mode & 0o1000) === 0 ? '' : 'dest',
        locked: (mode & 0o2000) === 0 ? 0 : 1,
      };
    }
  },
});
