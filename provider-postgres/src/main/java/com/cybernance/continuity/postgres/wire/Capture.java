package com.cybernance.continuity.postgres.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.core.SocketFactoryFactory;
import org.postgresql.util.PSQLException;

/**
 * Keeps hold of the socket that the driver opens. The driver makes its factories itself, by the name of their class and
 * possibly on another thread, so the two meet through a table; an entry lives for as long as one opening.
 */
final class Capture implements AutoCloseable {
    private static final Map<String, Capture> OPENING = new ConcurrentHashMap<>();

    private final String token = UUID.randomUUID().toString();
    private @Nullable Socket plain;
    private @Nullable Socket encrypted;

    Capture(Properties properties) {
        OPENING.put(token, this);
        PGProperty.SOCKET_FACTORY.set(properties, Sockets.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(properties, token);
        PGProperty.SSL_FACTORY.set(properties, Tls.class.getName());
        PGProperty.SSL_FACTORY_ARG.set(properties, token);
    }

    /** The transport below; closing it breaks whatever blocks. */
    synchronized @Nullable Socket plain() {
        return plain;
    }

    /** Where the driver and the server ended up talking. */
    synchronized @Nullable Socket spoken() {
        return encrypted != null ? encrypted : plain;
    }

    private synchronized void took(Socket socket) {
        plain = socket;
        encrypted = null;
    }

    private synchronized void wrapped(Socket socket) {
        encrypted = socket;
    }

    private static Capture of(@Nullable String token) {
        Capture capture = token == null ? null : OPENING.get(token);
        if (capture == null) {
            throw new IllegalStateException("a socket that nobody is opening");
        }
        return capture;
    }

    @Override
    public void close() {
        OPENING.remove(token);
    }

    /** What the driver makes; public for its reflection alone. */
    public static final class Sockets extends SocketFactory {
        private final Capture capture;

        public Sockets(String token) {
            capture = of(token);
        }

        @Override
        public Socket createSocket() {
            Socket socket = new Socket();
            capture.took(socket);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return took(new Socket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return took(new Socket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return took(new Socket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return took(new Socket(host, port, local, localPort));
        }

        private Socket took(Socket socket) {
            capture.took(socket);
            return socket;
        }
    }

    /** The driver's own way to TLS, with all its settings; public for its reflection alone. */
    public static final class Tls extends SSLSocketFactory {
        private final Capture capture;
        private final SSLSocketFactory drivers;

        public Tls(Properties properties) throws PSQLException {
            capture = of(PGProperty.SSL_FACTORY_ARG.getOrDefault(properties));
            Properties without = new Properties();
            for (String name : properties.stringPropertyNames()) {
                if (!name.equals(PGProperty.SSL_FACTORY.getName())) {
                    without.setProperty(name, properties.getProperty(name));
                }
            }
            drivers = SocketFactoryFactory.getSslSocketFactory(without);
        }

        @Override
        public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
            Socket socket = drivers.createSocket(below, host, port, autoClose);
            capture.wrapped(socket);
            return socket;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return drivers.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return drivers.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw notBelow();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            throw notBelow();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw notBelow();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            throw notBelow();
        }

        /** The server asks for TLS on a connection that is there already. */
        private static IOException notBelow() {
            return new IOException("a socket for TLS without the one below it");
        }
    }
}
