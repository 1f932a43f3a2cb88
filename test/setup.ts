// Frames must not depend on who runs the tests: Ink falls silent where CI is set and colours follow the environment.
delete process.env['CI'];
delete process.env['NO_COLOR'];
process.env['FORCE_COLOR'] = '0';
process.env['TZ'] = 'UTC';
