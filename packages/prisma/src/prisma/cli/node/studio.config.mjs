// The configuration with which `prisma studio` starts Studio. The URL says nothing: the driver takes the connection from
// the PG* variables, which can name a socket and stay out of the list of processes.

export default { datasource: { url: 'postgresql:///' } }
