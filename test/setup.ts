// Frames must not depend on who runs the tests: Ink falls silent where CI is set and colours follow the environment.
// On a build machine no test is skipped unseen; what needs Dovecot fails there without it.
if (process.env['CI']) process.env['MAILFERRY_CI'] = '1';
delete process.env['CI'];
delete process.env['NO_COLOR'];
process.env['FORCE_COLOR'] = '0';
process.env['TZ'] = 'UTC';
