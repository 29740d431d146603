// Fails when package-lock.json lacks a package that another one names. npm drops the optional
// packages of other platforms when it writes a lock beside a node_modules folder of its own; then
// `npm ci` refuses the lock and every `npm install` rewrites it. Run before `npm install`, which
// would hide the lack.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'));

/** Whether a package at `path` finds `name` in its own node_modules or in one further up. */
const finds = (path, name) => {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
};

const faults = [];
for (const [
  path,
  { dependencies, devDependencies, optionalDependencies, resolved },
] of Object.entries(packages)) {
  if (resolved) faults.push(`${path} holds a registry address`);
  for (const name of Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }))
    if (!finds(path, name)) faults.push(`${name}, named by ${path || 'package.json'}, is missing`);
}
if (faults.length > 0) {
  console.error(`package-lock.json: ${faults.join('\npackage-lock.json: ')}`);
  console.error('Delete node_modules and package-lock.json and run npm install.');
  process.exit(1);
}
