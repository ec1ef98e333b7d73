from fastapi import APIRouter
def router(services): return APIRouter()
