package com.cybernance.continuity.postgres.recover;

import javax.sql.DataSource;

/**
 * How to reach a restored server, which knows the roles and passwords of the moment that it was restored to. The embedder
 * brings the driver and a role that is a superuser there. Called from any thread; nothing is pooled, each data source is
 * asked for one connection at a time.
 */
@FunctionalInterface
public interface Connections {
    /** A way in to one database of the server. */
    DataSource to(String host, int port, String database);
}
