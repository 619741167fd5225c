"""Measurements that `make bench` prints beside their goals and floors."""
