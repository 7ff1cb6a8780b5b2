// Loaded into each service before its own code: a service of the demo does not outlive the demo.
process.on('disconnect', () => process.exit(0));
