"""The rules of IHSS hours, visits, sign-in and pay: values in, values out; no web, database or clock."""
